// Needs a real sshd.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
