namespace HybridMesh.Lab;

/// <summary>The outcomes of gRPC calls that the lab uses, with their numbers.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    Unknown = 2,
    PermissionDenied = 7,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
