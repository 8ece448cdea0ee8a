namespace HybridMesh.Lab;

/// <summary>Parts that end at the same time: a namespace's end is mostly waiting for the kernel.</summary>
internal sealed class Together(params IAsyncDisposable[] parts) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(parts.Select(part => part.DisposeAsync().AsTask())).ConfigureAwait(false);
}
