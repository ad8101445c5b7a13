using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Tells a context how to compile the instructions of this folder, and vector accesses to memory.</summary>
internal static class TensorCoreIntrinsics
{
    private const BindingFlags Methods = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] s_types =
    [
        typeof(TensorCores), typeof(AsyncCopy), typeof(Rounding), typeof(ApproximateMath), typeof(DeviceMemory),
        typeof(SharedAddress), typeof(SharedBarrier), typeof(TensorCopy), typeof(Warpgroup),
    ];

    /// <summary>Needed before the context's first accelerator.</summary>
    public static Context.Builder EnableTensorCores(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var type in s_types)
            foreach (var method in type.GetMethods(Methods).Where(method => method.IsDefined(typeof(IntrinsicImplementationAttribute))))
                Register(manager, type, method);
        return builder;
    }

    // By name: PtxF emits F, OpenClF is what OpenCL calls in its place; without one, a kernel that calls F does not compile there. Products
    // and their number formats begin with compute capability 8.0.
    private static void Register(IntrinsicImplementationManager manager, Type type, MethodInfo method)
    {
        bool isAnywhere = type == typeof(AsyncCopy) || type == typeof(ApproximateMath) || type == typeof(DeviceMemory);
        manager.RegisterMethod(method, isAnywhere
            ? new PTXIntrinsic(type, $"Ptx{method.Name}", IntrinsicImplementationMode.GenerateCode)
            : new PTXIntrinsic(type, $"Ptx{method.Name}", IntrinsicImplementationMode.GenerateCode, CudaArchitecture.SM_80));
        if (type.GetMethod($"OpenCl{method.Name}", Methods) is { } body)
            manager.RegisterMethod(method, new CLIntrinsic(body, IntrinsicImplementationMode.Redirect));
    }
}
