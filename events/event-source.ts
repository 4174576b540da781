/** `source` of everything that the pipeline puts on the bus. */
export const eventSource = 'fibonacci-bars';
