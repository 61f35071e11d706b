package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Beans;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class KafkaSseRegistrationTest {
    private final List<KafkaSseRegistration> registrations = new ArrayList<>();

    @AfterEach
    void unregister() {
        registrations.forEach(KafkaSseRegistration::close);
    }

    private KafkaSseRegistration register(String contextPath, String name) {
        KafkaSseRegistration registration = new KafkaSseRegistration();
        registrations.add(registration);
        registration.registerMBean(Mockito.mock(KafkaSseMXBean.class), contextPath, name);
        return registration;
    }

    @Test
    void shouldNameTheRootAsTomcatDoes() {
        register("", "events");
        assertEquals(Set.of("context=/,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldQuoteOnlyWhatHasToBeQuoted() {
        register("/shop/eu-1", "all events");
        register("/a*b", "c=d,\"e\"?\nf:");
        assertEquals(
                Set.of(
                        "context=/shop/eu-1,name=all events,type=KafkaSse",
                        "context=\"/a\\*b\",name=\"c=d,\\\"e\\\"\\?\\nf:\",type=KafkaSse"),
                Beans.names());
    }

    @Test
    void shouldNumberASecondBeanOfTheSameNameAndTakeOutItsOwnOnly() {
        KafkaSseRegistration first = register("/shop", "events");
        KafkaSseRegistration second = register("/shop", "events");
        register("/shop", "events");
        assertEquals(
                Set.of(
                        "context=/shop,name=events,type=KafkaSse",
                        "context=/shop,instance=2,name=events,type=KafkaSse",
                        "context=/shop,instance=3,name=events,type=KafkaSse"),
                Beans.names());
        first.close();
        first.close();
        second.close();
        assertEquals(Set.of("context=/shop,instance=3,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldDescribeEachAttributeWithItsUnit() throws Exception {
        register("", "events");
        ObjectName name = Beans.only().name();
        MBeanAttributeInfo[] attributes =
                ManagementFactory.getPlatformMBeanServer().getMBeanInfo(name).getAttributes();
        assertTrue(attributes.length >= 16, () -> attributes.length + " attributes");
        for (MBeanAttributeInfo attribute : attributes) {
            assertNotNull(attribute.getDescriptor().getFieldValue("units"), attribute.getName());
            assertTrue(attribute.getDescription().matches("[A-Z][^\\[]{10,} \\[[a-z]+]"), attribute.getDescription());
            assertFalse(attribute.isWritable(), attribute.getName());
        }
    }
}
