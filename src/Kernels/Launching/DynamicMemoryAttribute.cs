namespace GpuNets.Kernels;

/// <summary>A kernel that gets its shared memory at launch: more than the 48 KB that a kernel may declare. CUDA has to be told beforehand.</summary>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class DynamicMemoryAttribute(int bytes) : Attribute
{
    public int Bytes => bytes;
}
