using HybridMesh.Testing;

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

    [Fact]
    public async Task TimeOut_IsSaidAlikeInEveryCulture()
    {
        using CommaCulture culture = new();

        FanOutResult<int, bool> result = await OnlyAsync(
            async (_, _, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return true;
            },
            Short with { Timeout = TimeSpan.FromSeconds(0.5) });

        Assert.StartsWith("1 did not finish within 0.5 s", result.Error?.Message, StringComparison.Ordinal);
    }

    private static async Task<FanOutResult<int, bool>> OnlyAsync(
        Func<int, ItemTimeout, CancellationToken, Task<bool>> body, FanOutOptions? options = null)
    {
        List<FanOutResult<int, bool>> results = [];
        await foreach (FanOutResult<int, bool> result in
            FanOut.RunAsync([1], options ?? Short, body, CancellationToken.None))
        {
            results.Add(result);
        }

        return Assert.Single(results);
    }
}
