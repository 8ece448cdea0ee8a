using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Names the kind of a failed request.</summary>
internal static class LoadFailures
{
    /// <summary>The kind of an answer's status.</summary>
    public static LoadError Classify(int status) => status switch
    {
        >= 200 and < 300 => LoadError.None,
        >= 300 and < 400 => LoadError.Http3xx,
        >= 400 and < 500 => LoadError.Http4xx,
        >= 500 and < 600 => LoadError.Http5xx,
        _ => LoadError.Broken,
    };

    /// <summary>The kind of an exception; a cancellation that the user did not ask for is a time-out.</summary>
    public static LoadError Classify(Exception exception) => exception switch
    {
        OperationCanceledException => LoadError.Timeout,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => LoadError.Resolve,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => LoadError.Connect,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => LoadError.Tls,
        HttpRequestException { InnerException: AuthenticationException } => LoadError.Tls,
        _ => LoadError.Broken,
    };

    /// <summary>Whether the connection ended or broke, rather than the server saying no.</summary>
    public static bool IsConnectionLost(HttpRequestException exception) =>
        exception.HttpRequestError == HttpRequestError.ResponseEnded
        || exception is { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException };

    /// <summary>The failure in words, the innermost cause first.</summary>
    public static string Describe(Exception exception, LoadPlan plan) =>
        plan.NewConnection
        && exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } noPort
        ? $"{noPort.Message}: this machine's ports may be used up, because a closed connection keeps its port for a "
            + "minute; open fewer connections per second (-Rate)"
        : exception is OperationCanceledException
        ? string.Create(CultureInfo.InvariantCulture, $"no answer within {plan.Timeout.TotalSeconds:0.#} s")
        : exception.GetBaseException() is SocketException or AuthenticationException or IOException
        ? exception.GetBaseException().Message
        : exception.Message;
}
