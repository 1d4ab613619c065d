/** Containers in containers. Python's own pickle goes about 500 deep. */
export const maxNesting = 1000;

/** Bytes of a pickle, in which tensors are only named. */
export const maxPickleSize = 2 ** 28;
