/** Containers in containers. Python's own pickle goes about 500 deep. */
export const maxNesting = 1000;
