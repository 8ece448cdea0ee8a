using System.Net;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Load.Tests;

public sealed class LoadTargetTests
{
    [Theory]
    [InlineData("http://hello.example/", "hello.example")]
    [InlineData("http://hello.example:80/", "hello.example")]
    [InlineData("http://hello.example:8004/", "hello.example:8004")]
    [InlineData("http://[::1]:8004/", "[::1]:8004")]
    [InlineData("http://[::1]/", "[::1]")]
    [InlineData("http://b\u00fccher.example:8004/", "xn--bcher-kva.example:8004")]
    public void Host_OfAUrl_IsWhatDnsKnowsItBy(string uri, string host) => Assert.StartsWith(
        $"GET / HTTP/1.1\r\nHost: {host}\r\n", Encoding.UTF8.GetString(Target(uri).Request), StringComparison.Ordinal);

    [Theory]
    [InlineData("hello_2.pod.svc.cluster.local")]
    [InlineData("hello2-svc:8004")]
    [InlineData("[::1]:8004")]
    public void Host_Given_IsSentAsItIs(string host) => Assert.StartsWith(
        $"GET / HTTP/1.1\r\nHost: {host}\r\n", Encoding.UTF8.GetString(Target("http://127.0.0.1:8004/", host).Request),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("hello.example:port")]
    [InlineData("http://hello.example")]
    [InlineData("hello.example/path")]
    [InlineData("eric@hello.example")]
    public void Host_ThatIsNone_IsRefused(string host)
    {
        MeshException error = Assert.Throws<MeshException>(() => Target("https://127.0.0.1/", host));
        Assert.Equal((MeshErrorCode.ArgumentInvalid, (object)"Host"), (error.Code, error.ErrorTarget));
    }

    private static LoadTarget Target(string uri, string? host = null) => new(
        new LoadPlan
        {
            Uri = new Uri(uri),
            Headers = host is null ? new Dictionary<string, string>() : new() { ["Host"] = host },
        },
        [IPAddress.Loopback], trust: null);
}
