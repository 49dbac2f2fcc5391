// The libraries that Node needs in the image, from Debian.
import type { Arch } from './arch.js'
import { cached, Suite } from './debian.js'
import { IMAGE_LIBRARIES } from './pins.js'

/** The folder with their unpacked packages, in the cache. */
export function imageLibraries(arch: Arch): Promise<string> {
  const { suite, packages } = IMAGE_LIBRARIES
  return cached(`image-libraries-${suite}-${arch}`, async (to) => {
    for (const name of Object.keys(packages)) await new Suite(suite, arch).unpack(name, undefined, to)
  })
}
