namespace HybridMesh.Core.Tests;

public sealed class ItemTimeoutTests
{
    private static readonly FanOutOptions Short = new(4, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task SuspendAsync_LongerThanTheTimeOut_DoesNotCount()
    {
        FanOutResult<int, bool> result = await OnlyAsync(
            async (_, limit, token) =>
            {
                bool answer = await limit.SuspendAsync(async () =>
                {
                    await Task.Delay(Short.Timeout * 2, CancellationToken.None);
                    return true;
                });
                token.ThrowIfCancellationRequested();
                return answer;
            });

        Assert.Null(result.Error);
        Assert.True(result.Result);
    }

    [Fact]
    public async Task SuspendAsync_Ended_TheTimeOutCountsAgain()
    {
        FanOutResult<int, bool> result = await OnlyAsync(
            async (_, limit, token) =>
            {
                await limit.SuspendAsync(() => Task.FromResult(true));
                await Task.Delay(Timeout.Infinite, token);
                return true;
            });

        Assert.Equal(MeshErrorCode.TimedOut, result.Error?.Code);
    }

    private static async Task<FanOutResult<int, bool>> OnlyAsync(
        Func<int, ItemTimeout, CancellationToken, Task<bool>> body)
    {
        List<FanOutResult<int, bool>> results = [];
        await foreach (FanOutResult<int, bool> result in FanOut.RunAsync([1], Short, body, CancellationToken.None))
        {
            results.Add(result);
        }

        return Assert.Single(results);
    }
}
