"""The debugger for editors: the Debug Adapter Protocol over bars and lanes, forwards and backwards."""
