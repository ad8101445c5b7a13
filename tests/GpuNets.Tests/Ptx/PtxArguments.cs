using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Tests.Ptx;

/// <summary>The bytes of a kernel's argument as ILGPU lays them out for GPUs: fields in order at their own alignment, views as address and length.</summary>
internal sealed class PtxArguments
{
    private readonly List<byte> _bytes = [];

    public int Count => _bytes.Count;

    public void CopyTo(byte[] target) => _bytes.CopyTo(target);

    public void Add(object value)
    {
        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
        {
            var view = (IContiguousArrayView)value;
            Align(8);
            AddBytes(BitConverter.GetBytes(view.Length == 0 ? 0L : (long)view.Buffer.NativePtr + view.IndexInBytes));
            AddBytes(BitConverter.GetBytes(view.Length));
            return;
        }
        if (type.IsEnum) value = Convert.ChangeType(value, Enum.GetUnderlyingType(type), null);
        if (value.GetType().IsPrimitive)
        {
            byte[] bytes = value switch
            {
                int x => BitConverter.GetBytes(x),
                uint x => BitConverter.GetBytes(x),
                float x => BitConverter.GetBytes(x),
                long x => BitConverter.GetBytes(x),
                ulong x => BitConverter.GetBytes(x),
                byte x => [x],
                bool x => [x ? (byte)1 : (byte)0],
                short x => BitConverter.GetBytes(x),
                ushort x => BitConverter.GetBytes(x),
                _ => throw new NotSupportedException($"PTX: no argument of type {type}."),
            };
            Align(bytes.Length);
            AddBytes(bytes);
            return;
        }
        int alignment = Alignment(type);
        Align(alignment);
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken).ToArray();
        foreach (var field in fields) Add(field.GetValue(value)!);
        if (fields.Length == 0) _bytes.Add(0);
        Align(alignment);
    }

    private static int Alignment(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>)) return 8;
        if (type.IsEnum) type = Enum.GetUnderlyingType(type);
        if (type == typeof(bool)) return 1;
        if (type.IsPrimitive) return Marshal.SizeOf(type);
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        return fields.Length == 0 ? 1 : fields.Max(field => Alignment(field.FieldType));
    }

    private void Align(int size)
    {
        while (_bytes.Count % size != 0) _bytes.Add(0);
    }

    private void AddBytes(byte[] bytes) => _bytes.AddRange(bytes);
}
