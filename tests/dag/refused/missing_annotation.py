from dag import lane


@lane
def double(x):
    return 2.0 * x
