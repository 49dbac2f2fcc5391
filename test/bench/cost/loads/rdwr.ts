// Calls that take the kernel the least time of those that move data.
import { workLoad } from './work.js'

export const rdwr = workLoad('rdwr', 'read and write', 'a read of 512 bytes from /dev/zero and a write to /dev/null')
