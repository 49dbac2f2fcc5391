// For tests that use npm's registry, imported for its effect: the certificates that Node needs for it, which other tests do not load
// (vitest.config.ts).
const { KSYS_EXTRA_CA_CERTS } = process.env
if (KSYS_EXTRA_CA_CERTS) process.env.NODE_EXTRA_CA_CERTS = KSYS_EXTRA_CA_CERTS
