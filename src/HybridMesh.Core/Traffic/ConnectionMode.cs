namespace HybridMesh.Core;

/// <summary>
/// How requests share connections. A mesh that chooses a version per connection splits the two modes differently.
/// </summary>
public enum ConnectionMode
{
    /// <summary>Each of the concurrent senders keeps its connection.</summary>
    Kept,
    /// <summary>Each request is sent over a new connection.</summary>
    New,
}
