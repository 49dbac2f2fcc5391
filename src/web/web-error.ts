// What is wrong with a server or a client that was asked for: an address, a URL, a file for TLS.

/** What is wrong, in a sentence. */
export class WebError extends Error {}
