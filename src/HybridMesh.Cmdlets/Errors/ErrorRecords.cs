using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>The one table from a failure's code to what PowerShell shows.</summary>
internal static class ErrorRecords
{
    /// <summary>
    /// An error about <paramref name="target"/>, or about the exception's own target when that is null.
    /// </summary>
    public static ErrorRecord From(MeshException exception, object? target) =>
        new(exception, exception.Code.ToString(), CategoryOf(exception.Code), target ?? exception.ErrorTarget);

    /// <summary>An error nobody foresaw.</summary>
    public static ErrorRecord From(Exception exception) =>
        // NotSpecified: by definition we don't know what it is.
        new(exception, nameof(MeshErrorCode.Unspecified), ErrorCategory.NotSpecified, null);

    internal static ErrorCategory CategoryOf(MeshErrorCode code) => code switch
    {
        MeshErrorCode.InventoryInvalid or MeshErrorCode.ManifestInvalid or MeshErrorCode.KubeconfigInvalid
            or MeshErrorCode.ObjectInvalid or MeshErrorCode.HostsFileDamaged or MeshErrorCode.KeyFileInvalid
            or MeshErrorCode.SidecarConfigInvalid or MeshErrorCode.SshPortCaptured
            => ErrorCategory.InvalidData,
        MeshErrorCode.ArgumentInvalid or MeshErrorCode.PortInvalid or MeshErrorCode.Ambiguous
            or MeshErrorCode.LabMismatch => ErrorCategory.InvalidArgument,
        MeshErrorCode.FileNotFound or MeshErrorCode.ObjectNotFound or MeshErrorCode.EntryNotFound
            or MeshErrorCode.LabNotRunning or MeshErrorCode.CredentialsNotFound or MeshErrorCode.GatewayAddressNotFound
            => ErrorCategory.ObjectNotFound,
        MeshErrorCode.NotConnected or MeshErrorCode.ApiUnreachable or MeshErrorCode.VmUnreachable
            => ErrorCategory.ConnectionError,
        MeshErrorCode.Unauthorized or MeshErrorCode.SshAuthenticationFailed => ErrorCategory.AuthenticationError,
        MeshErrorCode.HostKeyUnknown or MeshErrorCode.HostKeyMismatch => ErrorCategory.SecurityError,
        MeshErrorCode.Forbidden or MeshErrorCode.SudoRequired => ErrorCategory.PermissionDenied,
        MeshErrorCode.ObjectExists => ErrorCategory.ResourceExists,
        MeshErrorCode.Conflict or MeshErrorCode.HostsFileLocked or MeshErrorCode.VmInUse => ErrorCategory.ResourceBusy,
        MeshErrorCode.ApiUnavailable => ErrorCategory.ResourceUnavailable,
        MeshErrorCode.TimedOut => ErrorCategory.OperationTimeout,
        MeshErrorCode.ReadBackMismatch or MeshErrorCode.RemoteCommandFailed or MeshErrorCode.ContainerFailed
            or MeshErrorCode.AsmApiError or MeshErrorCode.MeasurementFailed or MeshErrorCode.LabStartFailed
            or MeshErrorCode.SidecarNotReady or MeshErrorCode.SidecarPackageFailed => ErrorCategory.InvalidResult,
        MeshErrorCode.KindNotServed or MeshErrorCode.ContainerRuntimeMissing or MeshErrorCode.NoHttpClient
            or MeshErrorCode.SftpUnavailable or MeshErrorCode.SidecarMissing => ErrorCategory.NotInstalled,
        MeshErrorCode.ShiftNotFound => ErrorCategory.ObjectNotFound,
        MeshErrorCode.ShiftUnderWay or MeshErrorCode.ShiftOvertaken => ErrorCategory.ResourceBusy,
        MeshErrorCode.ShiftRolledBack => ErrorCategory.InvalidResult,
        MeshErrorCode.SubsetEmpty => ErrorCategory.ResourceUnavailable,
        MeshErrorCode.AsmOperationWithdrawn or MeshErrorCode.LabUnsupported => ErrorCategory.NotImplemented,
        // NotSpecified: Unspecified is what it says.
        _ => ErrorCategory.NotSpecified,
    };
}
