namespace HybridMesh.Testing;

/// <summary>A clock that is ahead of the machine's.</summary>
/// <param name="later">By how much.</param>
public sealed class LaterClock(TimeSpan later) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + later;
}
