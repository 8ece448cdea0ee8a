using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Load.Tests;

/// <summary>A server that answers each request in another of the ways HTTP/1.1 allows, or not at all.</summary>
public sealed class MoodyServerTests
{
    private const int Moods = 13;
    private const int NoAnswer = 11;
    private const int CutOff = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(40, 2, null)]
    [InlineData(8, 3, 2000.0)]
    public async Task Answers_OfAnyShape_AreToldApart(int concurrency, int seed, double? rate)
    {
        const int Count = 2000;
        int cut = 0;
        ConcurrentQueue<string> sent = [];
        await using RawServer server = new(async request =>
        {
            Random random = new((seed * 1_000_003) + request.Number);
            int mood = random.Next(Moods);
            mood = mood == NoAnswer && request.OnConnection == 1 ? 0 : mood;
            string body = $"{request.Number}:" + new string('x', random.Next(random.Next(3) == 0 ? 40_000 : 40));
            string answer = Answer(mood, body, random);
            if (mood == CutOff)
            {
                Interlocked.Increment(ref cut);
            }
            else if (answer.EndsWith(body, StringComparison.Ordinal) || mood is 1 or 2)
            {
                sent.Enqueue($"{request.Number} {body.Length}");
            }

            await SendAsync(request, answer, random);
            if (mood is 5 or NoAnswer or CutOff)
            {
                request.Close();
            }
        });
        CollectingSink sink = new(Count);
        LoadPlan plan = new() { Uri = server.Uri, Concurrency = concurrency, Timeout = Patience, Rate = rate };
        LoadReport report = await new HttpLoadGenerator().RunAsync(plan, sink, default);
        Assert.Equal((Count, server.Requests - Count), (sink.Answers.Count, report.Retried));
        Assert.Equal(cut, sink.Answers.Count(answer => answer.Error == LoadError.Broken));
        Assert.All(sink.Answers, answer =>
            Assert.Contains(answer.Error, new[] { LoadError.None, LoadError.Broken, LoadError.Http3xx }));
        Assert.Equal(
            sent.Order(),
            sink.Answers.Where(answer => answer is { Error: LoadError.None, Status: 200 })
                .Select(answer => $"{answer.Body.Split(':')[0]} {answer.Length}").Order());
    }

    private static string Answer(int mood, string body, Random random) => mood switch
    {
        0 => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        1 => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Chunked(body, random)}\r\n",
        2 => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Chunked(body, random)}X-Sum: 5\r\n\r\n",
        3 => $"HTTP/1.0 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        4 => $"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        5 => $"HTTP/1.1 200 OK\r\n\r\n{body}",
        6 => $"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200\r\nContent-Length:{body.Length}\r\n\r\n{body}",
        7 => $"HTTP/1.1 200 OK\nConnection: close\nContent-Length: {body.Length}\n\n{body}",
        8 => "HTTP/1.1 204 No Content\r\n\r\n",
        9 => "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n",
        10 => $"HTTP/1.1 200 OK\r\nX: {new string('y', 9000)}\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        NoAnswer => "",
        _ => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length + 1}\r\n\r\n{body}",
    };

    private static string Chunked(string body, Random random)
    {
        StringBuilder text = new();
        for (int at = 0; at < body.Length;)
        {
            int size = Math.Min(body.Length - at, 1 + random.Next(6000));
            text.Append(size.ToString(random.Next(2) == 0 ? "x" : "X4", CultureInfo.InvariantCulture))
                .Append(random.Next(3) == 0 ? ";a=\"b\"" : "").Append("\r\n").Append(body, at, size).Append("\r\n");
            at += size;
        }

        return text.Append("0\r\n").ToString();
    }

    private static async Task SendAsync(RawRequest request, string answer, Random random)
    {
        int most = random.Next(2) == 0 ? int.MaxValue : 5000;
        for (int at = 0; at < answer.Length;)
        {
            int size = Math.Min(answer.Length - at, random.Next(most));
            await request.SendAsync(answer.Substring(at, size));
            at += size;
        }
    }
}
