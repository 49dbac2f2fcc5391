// Values that programs pass instead of a descriptor.
import { constants } from './constants.js'
import { nameIn } from './names.js'

/** The working directory, instead of a directory's descriptor. */
export const AT_FDCWD = -100

/** Name of a value that represents a directory, the own process or a file system instead of a descriptor. */
export const specialDescriptor = nameIn(constants('special_descriptors'))
