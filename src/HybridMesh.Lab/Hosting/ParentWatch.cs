namespace HybridMesh.Lab;

/// <summary>Ends the lab when the process that asked for it is gone.</summary>
internal static class ParentWatch
{
    public static async Task RunAsync(int parentId, CancellationTokenSource end)
    {
        long? start = ProcessTimes.StartOf(parentId);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        try
        {
            while (start is not null && ProcessTimes.StartOf(parentId) == start)
            {
                await timer.WaitForNextTickAsync(end.Token).ConfigureAwait(false);
            }

            await end.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The lab is ending for another reason.
        }
    }
}
