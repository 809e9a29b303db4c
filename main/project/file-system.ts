export * from '#main/storage/file-system';
export { nodeFileSystem } from '#main/storage/node-file-system';
