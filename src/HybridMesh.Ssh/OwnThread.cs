namespace HybridMesh.Ssh;

/// <summary>
/// Runs blocking calls on threads of their own. SSH.NET waits on handles during key exchange, authentication and the
/// opening of channels, also in its asynchronous methods; on the pool's few threads that makes connections queue up
/// behind each other (sshnet/SSH.NET#409).
/// </summary>
internal static class OwnThread
{
    public static Task RunAsync(Action call) => Task.Factory.StartNew(
        call,
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    public static Task<T> RunAsync<T>(Func<T> call) => Task.Factory.StartNew(
        call,
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);
}
