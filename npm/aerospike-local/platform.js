// Generated from lib/native/platform.ts by `make types`. Do not edit.
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.platformTarget = platformTarget;
const node_fs_1 = require("node:fs");
function isMusl() {
    if (process.versions.deno !== undefined)
        return false;
    try {
        return /\/(ld-musl-|libc\.musl-)/.test((0, node_fs_1.readFileSync)('/proc/self/maps', 'latin1'));
    }
    catch {
        const report = process.report?.getReport();
        return report?.header !== undefined && report.header.glibcVersionRuntime === undefined;
    }
}
function platformTarget() {
    const { platform, arch } = process;
    if (platform === 'linux')
        return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`;
    if (platform === 'win32')
        return `win32-${arch}-msvc`;
    return `${platform}-${arch}`;
}
