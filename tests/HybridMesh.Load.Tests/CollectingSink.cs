using System.Collections.Concurrent;
using System.Text;
using HybridMesh.Core;
using Answer = (
    HybridMesh.Core.LoadError Error, int Status, string Body, int Length, string? Header, string? Detail);

namespace HybridMesh.Load.Tests;

/// <summary>Asks for a number of requests and keeps what came.</summary>
internal sealed class CollectingSink(int wanted) : ILoadSink
{
    private int _begun;

    public ConcurrentQueue<Answer> Answers { get; } = [];

    public ConcurrentQueue<long> Tickets { get; } = [];

    public ConcurrentQueue<long> Connections { get; } = [];

    public bool WantsMore => Volatile.Read(ref _begun) < wanted;

    public bool TryBegin(out long ticket)
    {
        ticket = Interlocked.Increment(ref _begun) - 1;
        return ticket < wanted;
    }

    public string? Complete(in LoadAnswer answer)
    {
        Tickets.Enqueue(answer.Ticket);
        Connections.Enqueue(answer.Connection);
        Answers.Enqueue((
            answer.Error, answer.StatusCode, Encoding.UTF8.GetString(answer.Body[..Math.Min(answer.Body.Length, 200)]),
            answer.Body.Length, answer.Header, answer.Detail));
        return answer.Header;
    }
}
