// What is inside each shipped file, besides ksys itself.
import type { Arch } from './arch.js'
import type { Component } from './component.js'
import { addonComponents, imageComponents } from './debian-components.js'
import { nodeComponent } from './node-component.js'
import { npmComponents } from './npm-components.js'

export interface Inside {
  readonly node: Component
  /** npm packages in the joined modules and in the addons */
  readonly modules: readonly Component[]
  /** libraries linked into the addon for a processor, and those of the image for it */
  readonly addons: ReadonlyMap<Arch, readonly Component[]>
  readonly images: ReadonlyMap<Arch, readonly Component[]>
}

/** packages: the folders of the npm packages in the joined modules. Throws if a component has no licence. */
export async function insideOf(arches: readonly Arch[], packages: readonly string[]): Promise<Inside> {
  const each = async (of: (arch: Arch) => Promise<Component[]>) =>
    new Map(await Promise.all(arches.map(async (arch) => [arch, await of(arch)] as const)))
  return {
    node: await nodeComponent(),
    modules: await npmComponents(packages),
    addons: await each(addonComponents),
    images: await each(imageComponents),
  }
}

/** The components of the npm package for these processors. */
export const ofPackage = ({ modules, addons }: Inside, arches: readonly Arch[]): Component[] => [
  ...arches.flatMap((arch) => addons.get(arch) ?? []),
  ...modules,
]

/** The components of the executable and the .deb for a processor: those of the package, and Node. */
export const ofProgram = (inside: Inside, arch: Arch): Component[] => [inside.node, ...ofPackage(inside, [arch])]

/** The components of the image for a processor. */
export const ofImage = (inside: Inside, arch: Arch): Component[] => [
  ...ofProgram(inside, arch),
  ...(inside.images.get(arch) ?? []),
]
