// fast-check, for tests of properties. After a minute, a run ends with what it has found: a failure, whose counterexample may be larger than
// necessary, or none. Otherwise Vitest's time limit would end the search for a smaller counterexample, and the test would report neither.
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 60_000 })

export default fc
