namespace HybridMesh.Core;

/// <summary>Tries a write again that lost a race.</summary>
internal static class ConflictRetry
{
    private const int Attempts = 6;

    /// <summary>
    /// Runs a write until it meets no conflict, six times at most within some two seconds; the last conflict is thrown.
    /// </summary>
    /// <param name="write">The write, which reads anew what it depends on.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await write().ConfigureAwait(false);
            }
            catch (MeshException e) when (e.Code == MeshErrorCode.Conflict && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
