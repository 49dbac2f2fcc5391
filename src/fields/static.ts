// static.*: constants that Falco's configuration defines; ksys has no such configuration.
import { gone } from './removed.js'

export const fields = gone('static.', '*', "constant fields come from Falco's configuration, which ksys does not have")
