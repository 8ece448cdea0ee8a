using System.Globalization;
using System.Text;

namespace HybridMesh.Core.Tests;

public sealed class AttributionCacheTests
{
    private static readonly Dictionary<string, string> Versions = new()
    {
        ["192.168.0.170"] = "v1",
        ["192.168.0.171"] = "v2",
        ["192.168.0.172"] = "v3",
    };

    [Fact]
    public void VersionOf_AnswersThatDifferByTimesOnly_AreReadOnceAndAllocateNothing()
    {
        CountingAttribution inner = new(new AddressAttribution(Versions, "hello2"));
        AttributionCache cache = new(inner, ignoreTimings: true);
        byte[][] answers = [.. Enumerable.Range(0, 300).Select(i => Chain(170 + (i % 3), i))];
        for (int i = 0; i < 3; i++)
        {
            Ask(cache, answers[i]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < answers.Length; i++)
        {
            if (Ask(cache, answers[i]) is not { } version || version[1] - '1' != i % 3)
            {
                Assert.Fail($"Answer {i} was attributed to {Ask(cache, answers[i])}.");
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
        Assert.Equal(3, inner.Asked);
    }

    [Fact]
    public void VersionOf_MoreAnswersThanSlots_AreStillTold()
    {
        AttributionCache cache = new(new AddressAttribution(Versions, "hello2"), ignoreTimings: true);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 5000; i++)
            {
                byte[] body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Hello user{i}(192.168.0.{170 + (i % 3)})"));
                Assert.Equal($"v{(i % 3) + 1}", Ask(cache, body));
            }
        }
    }

    [Theory]
    [InlineData("nothing to tell")]
    [InlineData("Hello eric(10.0.0.1)")]
    [InlineData("")]
    public void VersionOf_AnswerThatTellsNothing_IsAskedAgain(string answer)
    {
        CountingAttribution inner = new(new AddressAttribution(Versions, "hello2"));
        AttributionCache cache = new(inner, ignoreTimings: true);
        Assert.Null(Ask(cache, Encoding.UTF8.GetBytes(answer)));
        Assert.Null(Ask(cache, Encoding.UTF8.GetBytes(answer)));
        Assert.Equal(2, inner.Asked);
    }

    [Fact]
    public void VersionOf_Pattern_SeesTimesAndLongAnswers()
    {
        IVersionAttribution cache = AttributionCache.Of(new PatternAttribution(
        [
            new("fast", @"\[[0-9]ms\]"),
            new("slow", @"\[[0-9]{2,}ms\]"),
        ]));
        string padding = new('x', 5000);
        foreach (string pad in new[] { "", padding })
        {
            Assert.Equal("fast", Ask(cache, Encoding.UTF8.GetBytes($"Hello[5ms]{pad}")));
            Assert.Equal("slow", Ask(cache, Encoding.UTF8.GetBytes($"Hello[55ms]{pad}")));
        }
    }

    private static byte[] Chain(int host, int ms) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"Hello eric@hello1:172.18.0.230[{ms + 2}ms]<Bonjour eric@vm:192.168.0.{host}[{ms}ms]<Hello eric@hello3:172.18.1.36[0ms]"));

    private static string? Ask(IVersionAttribution attribution, byte[] body) =>
        attribution.VersionOf(new LoadAnswer { Ticket = 0, Body = body });

    private sealed class CountingAttribution(IVersionAttribution inner) : IVersionAttribution
    {
        public int Asked { get; private set; }

        public string Remedy => inner.Remedy;

        public string? VersionOf(in LoadAnswer answer)
        {
            Asked++;
            return inner.VersionOf(answer);
        }
    }
}
