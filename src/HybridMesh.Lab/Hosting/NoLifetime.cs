namespace HybridMesh.Lab;

/// <summary>The lab's process has one lifetime, its own: the hosts of its servers must not react to signals.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
