// Builds the npm package as `dist.ts` does, but with the addon that this checkout runs with: for tests of what npm installs on this machine.
// usage: node checkout-package.js FOLDER
import { join, resolve } from 'node:path'
import { HOST_ARCH } from './arch.js'
import { addonComponents } from './debian-components.js'
import { joinModules } from './join.js'
import { noticesOf } from './notices.js'
import { npmNotices } from './npm-components.js'
import { makePackage } from './package.js'
import { ROOT } from './root.js'

const to = resolve(process.argv[2] as string)
const joined = join(to, 'joined')
const components = [...(await addonComponents(HOST_ARCH)), ...npmNotices(await joinModules(joined))]
const addons = new Map([[HOST_ARCH, join(ROOT, '.build/native/ksys.node')]])
await makePackage(addons, { joined, notices: noticesOf(components) }, { folder: join(to, 'files'), to })
