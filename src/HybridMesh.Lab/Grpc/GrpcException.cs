namespace HybridMesh.Lab;

/// <summary>A gRPC call that ends with a status other than OK.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : Exception(message)
{
    public GrpcStatus Status => status;
}
