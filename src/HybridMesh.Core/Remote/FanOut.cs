using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HybridMesh.Core;

/// <summary>Bounded parallel work over many items, where one failure does not stop the others.</summary>
public static class FanOut
{
    /// <summary>
    /// Runs <paramref name="body"/> for every item, a bounded number at a time, and yields results
    /// as they come. An item's <see cref="MeshException"/> or time-out becomes its result; any other exception and
    /// cancellation end the whole.
    /// </summary>
    public static IAsyncEnumerable<FanOutResult<TItem, TResult>> RunAsync<TItem, TResult>(
        IReadOnlyCollection<TItem> items,
        FanOutOptions options,
        Func<TItem, CancellationToken, Task<TResult>> body,
        CancellationToken cancellationToken) =>
        RunAsync(items, options, (item, _, token) => body(item, token), cancellationToken);

    /// <summary>The same for bodies that may suspend their item's time-out, as while a user is asked.</summary>
    public static async IAsyncEnumerable<FanOutResult<TItem, TResult>> RunAsync<TItem, TResult>(
        IReadOnlyCollection<TItem> items,
        FanOutOptions options,
        Func<TItem, ItemTimeout, CancellationToken, Task<TResult>> body,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Channel<FanOutResult<TItem, TResult>> results = Channel.CreateUnbounded<FanOutResult<TItem, TResult>>();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task work = Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = stop.Token },
            async (item, token) =>
                await results.Writer.WriteAsync(
                    await RunOneAsync(item, options, body, token).ConfigureAwait(false), token).ConfigureAwait(false));
        Task completion = work.ContinueWith(
            task => results.Writer.Complete(task.Exception?.InnerException),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (FanOutResult<TItem, TResult> result in
                results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await completion.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// As RunAsync, with results in the order of the items: each is yielded as soon as all before it are.
    /// </summary>
    public static async IAsyncEnumerable<FanOutResult<TItem, TResult>> RunInOrderAsync<TItem, TResult>(
        IReadOnlyCollection<TItem> items,
        FanOutOptions options,
        Func<TItem, CancellationToken, Task<TResult>> body,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Numbered<TItem>> numbered = [.. items.Select((item, index) => new Numbered<TItem>(index, item))];
        Dictionary<int, FanOutResult<TItem, TResult>> early = [];
        int next = 0;
        await foreach (FanOutResult<Numbered<TItem>, TResult> result in
            RunAsync(numbered, options, (item, token) => body(item.Item, token), cancellationToken)
                .ConfigureAwait(false))
        {
            early[result.Item.Index] = new(result.Item.Item, result.Result, result.Error);
            while (early.Remove(next, out FanOutResult<TItem, TResult>? due))
            {
                next++;
                yield return due;
            }
        }
    }

    private sealed record Numbered<TItem>(int Index, TItem Item)
    {
        public override string ToString() => $"{Item}";
    }

    private static async Task<FanOutResult<TItem, TResult>> RunOneAsync<TItem, TResult>(
        TItem item,
        FanOutOptions options,
        Func<TItem, ItemTimeout, CancellationToken, Task<TResult>> body,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        try
        {
            return new(
                item,
                await body(item, new ItemTimeout(limit, options.Timeout), limit.Token).ConfigureAwait(false),
                null);
        }
        catch (MeshException e)
        {
            return new(item, default, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(item, default, new MeshException(
                MeshErrorCode.TimedOut,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(item is MeshVm ? "VM " : "")}{item} did not finish within {options.Timeout.TotalSeconds:0.#} s; "
                    + $"raise -TimeoutSec if it is only slow."),
                item,
                e));
        }
    }
}

/// <summary>The bounds of a fan-out.</summary>
/// <param name="ThrottleLimit">How many items are worked on at a time.</param>
/// <param name="Timeout">How long one item may take.</param>
public sealed record FanOutOptions(int ThrottleLimit, TimeSpan Timeout);

/// <summary>The outcome for one item: a result or an error.</summary>
/// <param name="Item">The item.</param>
/// <param name="Result">The result; default when it failed.</param>
/// <param name="Error">The failure; null when it succeeded.</param>
public sealed record FanOutResult<TItem, TResult>(TItem Item, TResult? Result, MeshException? Error);
