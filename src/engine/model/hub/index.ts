/** Models from a Hugging Face Hub, for the command line and the editor. */
export { type CuratedModel, curatedModels } from "./curated";
export { downloadModel, type DownloadedModel, type DownloadOptions } from "./download";
export { TokenNeededError } from "./errors";
export { type PartialDownload, partialDownloads, removeModel } from "./folders";
export { formatModelId, type ModelId, parseModelId } from "./id";
export type { DownloadProgress } from "./progress";
export { proxyFetch } from "./proxy-fetch";
export { type HubSettings, hubSettings } from "./settings";
