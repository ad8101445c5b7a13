using System.Security.Cryptography;

namespace GpuNets.Training;

/// <summary>What identifies a file's content.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, in hexadecimal.</param>
public sealed record FileStamp(long Bytes, string Sha256)
{
    internal static FileStamp Of(string path)
    {
        using var stream = File.OpenRead(path);
        return new FileStamp(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
