// Many short programs, as shell scripts run them.
import { workLoad } from './work.js'

export const exec = workLoad('exec', 'short programs', 'a shell that runs /bin/echo five times')
