using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace HybridMesh.Lab.Tests;

/// <summary>
/// gRPC's own client over one connection. HelloRequest and HelloReply are what StringValue is: one text, number 1.
/// </summary>
internal sealed class GreeterClient : IDisposable
{
    private static readonly Marshaller<StringValue> Texts =
        Marshallers.Create(item => item.ToByteArray(), StringValue.Parser.ParseFrom);

    private static readonly Marshaller<Empty> Empties =
        Marshallers.Create(item => item.ToByteArray(), Empty.Parser.ParseFrom);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    public GreeterClient(Uri server)
    {
        _channel = GrpcChannel.ForAddress(
            server, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false } });
        _calls = _channel.CreateCallInvoker();
    }

    public async Task<string> SayHelloAsync(string name, string method = "SayHello") =>
        (await CallAsync(method, Texts, new StringValue { Value = name })).Value;

    public async Task<string> SayByeAsync() => (await CallAsync("SayBye", Empties, new Empty())).Value;

    /// <summary>How a call ends that must not end well.</summary>
    public async Task<Status> FailAsync(string method = "SayHello") =>
        (await Assert.ThrowsAsync<RpcException>(() => SayHelloAsync("eric", method))).Status;

    public void Dispose() => _channel.Dispose();

    private async Task<StringValue> CallAsync<T>(string name, Marshaller<T> marshaller, T request)
        where T : class
    {
        Method<T, StringValue> method = new(MethodType.Unary, "org.feuyeux.grpc.Greeter", name, marshaller, Texts);
        CallOptions options = new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20));
        using AsyncUnaryCall<StringValue> call = _calls.AsyncUnaryCall(method, null, options, request);
        return await call.ResponseAsync;
    }
}
