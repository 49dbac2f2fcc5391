// Errors of a requested server or client: an address, a URL, a file for TLS.

/** The message is a sentence for the user. */
export class WebError extends Error {}
