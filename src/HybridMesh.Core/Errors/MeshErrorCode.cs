namespace HybridMesh.Core;

/// <summary>
/// The conditions HybridMesh can fail with. The name is the ErrorId users see and filter on, so a member is never
/// renamed; new ones are added at the end of their group.
/// </summary>
public enum MeshErrorCode
{
    /// <summary>Nothing more precise is known; the message carries what there is.</summary>
    Unspecified,

    // Input
    /// <summary>A list of VMs can't be read or one of its rows is wrong.</summary>
    InventoryInvalid,
    /// <summary>A file or folder does not exist.</summary>
    FileNotFound,
    /// <summary>A manifest can't be parsed or lacks apiVersion, kind or metadata.name.</summary>
    ManifestInvalid,
    /// <summary>A parameter's value can't be used.</summary>
    ArgumentInvalid,
    /// <summary>A port is not of the form name:number.</summary>
    PortInvalid,
    /// <summary>Two objects claim the same thing, such as one address.</summary>
    Ambiguous,

    // Connection
    /// <summary>There is no connection to a mesh.</summary>
    NotConnected,
    /// <summary>A kubeconfig can't be read or lacks the context asked for.</summary>
    KubeconfigInvalid,
    /// <summary>An API server can't be reached.</summary>
    ApiUnreachable,
    /// <summary>The API server does not know who asks (401).</summary>
    Unauthorized,
    /// <summary>The caller lacks the right (403).</summary>
    Forbidden,
    /// <summary>The API server does not serve this kind of object.</summary>
    KindNotServed,

    // Objects
    /// <summary>An object does not exist.</summary>
    ObjectNotFound,
    /// <summary>An object exists already.</summary>
    ObjectExists,
    /// <summary>Another writer changed the object, or owns the field.</summary>
    Conflict,
    /// <summary>The API server refused the object's content (422 or an admission webhook).</summary>
    ObjectInvalid,
    /// <summary>The API server throttled the caller or failed (429, 5xx) and kept doing so.</summary>
    ApiUnavailable,
    /// <summary>Waiting took longer than allowed.</summary>
    TimedOut,
    /// <summary>An object was written, but reading it back does not show it.</summary>
    ReadBackMismatch,

    // VMs
    /// <summary>A VM's SSH port can't be reached.</summary>
    VmUnreachable,
    /// <summary>A VM refused the key, agent or password.</summary>
    SshAuthenticationFailed,
    /// <summary>A VM's host key is in no known_hosts file.</summary>
    HostKeyUnknown,
    /// <summary>A VM's host key differs from the one known.</summary>
    HostKeyMismatch,
    /// <summary>A private key file can't be read.</summary>
    KeyFileInvalid,
    /// <summary>Root rights are needed and sudo gives none without a password, or is missing.</summary>
    SudoRequired,
    /// <summary>A command on a VM failed.</summary>
    RemoteCommandFailed,
    /// <summary>Another writer holds the lock of a VM's hosts file.</summary>
    HostsFileLocked,
    /// <summary>A VM's hosts file carries a damaged owner block.</summary>
    HostsFileDamaged,
    /// <summary>Neither docker nor podman is there.</summary>
    ContainerRuntimeMissing,
    /// <summary>A container could not be started.</summary>
    ContainerFailed,
    /// <summary>Neither curl, wget nor bash is there to send a request with.</summary>
    NoHttpClient,
    /// <summary>A VM's sshd offers no SFTP.</summary>
    SftpUnavailable,

    // Sidecars
    /// <summary>A sidecar's bootstrap files lack something or contradict each other.</summary>
    SidecarConfigInvalid,
    /// <summary>No address is known at which VMs reach istiod.</summary>
    GatewayAddressNotFound,
    /// <summary>The sidecar would take the SSH port's traffic.</summary>
    SshPortCaptured,
    /// <summary>The sidecar did not come up; what was there before is back.</summary>
    SidecarNotReady,
    /// <summary>There is no sidecar on a VM where one is needed.</summary>
    SidecarMissing,
    /// <summary>A sidecar's package can't be had or installed.</summary>
    SidecarPackageFailed,
    /// <summary>A VM can't be taken out of the mesh while traffic depends on it.</summary>
    VmInUse,

    // ASM
    /// <summary>No Alibaba Cloud credentials were found, or of a kind that can't be used.</summary>
    CredentialsNotFound,
    /// <summary>The ASM API refused or failed a call.</summary>
    AsmApiError,
    /// <summary>The ASM API no longer offers an operation.</summary>
    AsmOperationWithdrawn,

    // Traffic
    /// <summary>The entry to measure can't be found or is not the only one.</summary>
    EntryNotFound,
    /// <summary>Too few answers could be had or attributed.</summary>
    MeasurementFailed,
    /// <summary>A subset that is to get traffic has no endpoint.</summary>
    SubsetEmpty,
    /// <summary>A progressive shift is marked as under way already.</summary>
    ShiftUnderWay,
    /// <summary>No progressive shift is marked as under way.</summary>
    ShiftNotFound,
    /// <summary>A step of a progressive shift did not hold; the weights from before are back.</summary>
    ShiftRolledBack,
    /// <summary>Another writer changed the weights that a progressive shift had set.</summary>
    ShiftOvertaken,

    // Lab
    /// <summary>The lab can't run here.</summary>
    LabUnsupported,
    /// <summary>No lab is running.</summary>
    LabNotRunning,
    /// <summary>A lab with other settings is running.</summary>
    LabMismatch,
    /// <summary>The lab could not be started.</summary>
    LabStartFailed,
}
