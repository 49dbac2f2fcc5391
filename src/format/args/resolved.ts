// What the renderers of parameters share: their second result, and what absent prints as.

/** Second result of the last renderer that ran: the resolved text (a name for a number), undefined when there is none. */
export const meaning: { text: string | undefined } = { text: undefined }

/** Prints for an absent text or path. */
export const NO_TEXT = '<NA>'
/** Prints for any other absent parameter, and for an empty buffer. */
export const NO_VALUE = 'NULL'
