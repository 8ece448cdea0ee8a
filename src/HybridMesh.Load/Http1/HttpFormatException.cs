namespace HybridMesh.Load;

/// <summary>What came is not HTTP/1.1; the message says what is wrong.</summary>
internal sealed class HttpFormatException(string message) : Exception(message);
