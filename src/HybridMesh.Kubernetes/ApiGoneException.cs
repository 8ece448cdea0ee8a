namespace HybridMesh.Kubernetes;

/// <summary>The server no longer knows the resourceVersion asked for (410); only the watch sees this.</summary>
internal sealed class ApiGoneException : Exception;
