using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>What a fake target answers.</summary>
/// <param name="Body">The body.</param>
/// <param name="Error">The failure, if any.</param>
/// <param name="Status">The status code; 0 for no HTTP answer.</param>
/// <param name="Header">The captured header's value.</param>
public sealed record FakeAnswer(string Body, LoadError Error = LoadError.None, int Status = 200, string? Header = null);

/// <summary>A load generator that sends nothing: the test writes the answers, one request at a time.</summary>
public sealed class FakeLoadGenerator : ILoadGenerator
{
    /// <summary>The answer to the n-th request, from 0 on.</summary>
    public Func<int, FakeAnswer> OnRequest { get; set; } = _ => new FakeAnswer("Hello eric(127.0.0.1)");

    /// <summary>Awaited before each answer; a test can hold a run here.</summary>
    public Func<int, CancellationToken, Task> BeforeAnswer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What a run reports; a test can change it.</summary>
    public Func<LoadReport, LoadReport> OnReport { get; set; } = report => report;

    /// <summary>The plans run.</summary>
    public List<LoadPlan> Plans { get; } = [];

    /// <summary>The requests answered so far.</summary>
    public int Requests => _requests;

    private int _requests;

    /// <inheritdoc/>
    public async Task<LoadReport> RunAsync(LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        Plans.Add(plan);
        for (int i = 0; sink.TryBegin(out long ticket); i++)
        {
            await BeforeAnswer(i, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _requests);
            Complete(sink, ticket, OnRequest(i));
        }

        return OnReport(new LoadReport(TimeSpan.FromSeconds(2), new LatencySummary
        {
            P50 = TimeSpan.FromMilliseconds(5),
            P90 = TimeSpan.FromMilliseconds(6),
            P95 = TimeSpan.FromMilliseconds(7),
            P99 = TimeSpan.FromMilliseconds(8),
            Max = TimeSpan.FromMilliseconds(9.5),
        }));
    }

    private static void Complete(ILoadSink sink, long ticket, FakeAnswer answer) => sink.Complete(new LoadAnswer
    {
        Ticket = ticket,
        Error = answer.Error,
        StatusCode = answer.Error is LoadError.None or >= LoadError.Http3xx ? answer.Status : 0,
        Body = Encoding.UTF8.GetBytes(answer.Body),
        Header = answer.Header,
        Detail = answer.Error == LoadError.None ? null : answer.Body,
    });
}
