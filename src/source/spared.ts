// How a capture says that an option of privacy was in force (CaptureInfo.spared): in words for people, which fields and the UI know too.

export const NO_BUFFERS = 'no buffers'
export const NO_ENV = 'no environments'
export const NO_ARGS = 'no arguments of programs'
