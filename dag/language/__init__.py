"""The language of a lane file: lanes, parameters, carried values, annotations, slots, lifted functions."""
