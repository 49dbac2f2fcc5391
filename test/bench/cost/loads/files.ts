// Small files as a mail server has them, similar to postmark.
import { workLoad } from './work.js'

export const files = workLoad('files', 'small files', 'a file of 4 KiB is created, read, appended to and removed')
