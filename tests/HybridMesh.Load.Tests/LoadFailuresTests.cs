using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Load.Tests;

public sealed class LoadFailuresTests
{
    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, LoadError.Resolve)]
    [InlineData(HttpRequestError.ConnectionError, LoadError.Connect)]
    [InlineData(HttpRequestError.SecureConnectionError, LoadError.Tls)]
    [InlineData(HttpRequestError.InvalidResponse, LoadError.Broken)]
    [InlineData(HttpRequestError.ResponseEnded, LoadError.Broken)]
    public void Classify_HttpRequestError_NamesItsKind(HttpRequestError error, LoadError expected) =>
        Assert.Equal(expected, LoadFailures.Classify(new HttpRequestException(error)));

    [Theory]
    [InlineData(200, LoadError.None)]
    [InlineData(204, LoadError.None)]
    [InlineData(101, LoadError.Broken)]
    [InlineData(304, LoadError.Http3xx)]
    [InlineData(429, LoadError.Http4xx)]
    [InlineData(599, LoadError.Http5xx)]
    public void Classify_Status_NamesItsKind(int status, LoadError expected) =>
        Assert.Equal(expected, LoadFailures.Classify(status));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Describe_NoLocalPort_SaysWhatToDoWhereConnectionsAreMadeAnew(bool newConnection)
    {
        LoadPlan plan = new() { Uri = new Uri("http://127.0.0.1/"), NewConnection = newConnection };
        SocketException noPort = new((int)SocketError.AddressNotAvailable);
        Exception wrapped = new HttpRequestException(HttpRequestError.ConnectionError, noPort.Message, noPort);
        Assert.Equal(newConnection, LoadFailures.Describe(noPort, plan).Contains("-Rate", StringComparison.Ordinal));
        Assert.Equal(LoadFailures.Describe(noPort, plan), LoadFailures.Describe(wrapped, plan));
        Assert.StartsWith(noPort.Message, LoadFailures.Describe(noPort, plan), StringComparison.Ordinal);
    }
}
