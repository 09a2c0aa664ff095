"""What a lane file is written in: lanes, parameters, carried values, annotations, slots, lifted functions."""
